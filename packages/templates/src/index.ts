export { type Detection, detectPlatform } from './detect-platform.ts'
export type {
  Adopted,
  Comparer,
  Difference,
  DiffOptions,
  KeyOutcome,
  Operation,
  OwnKind,
  Shares,
} from './difference.ts'
export { type Dialect, type Template, templateOf } from './engine.ts'
export { endWords, packetWords, placeWords } from './filter-words.ts'
export { generateKey, keyBytes } from './keys.ts'
export type { Mode } from './kubernetes/daemon-set.ts'
export {
  corednsCustomText,
  type HostService,
  type HostServices,
  hostServicesText,
  isFreeNamespace,
  isServiceName,
} from './kubernetes/host-services.ts'
export { type FolderFile, kustomizeFolder } from './kubernetes/kustomize.ts'
export { manifestText, routeTexts } from './kubernetes/manifests.ts'
export { names } from './kubernetes/names.ts'
export { limits as templateLimits } from './limits.ts'
export { hidden } from './line-tokens.ts'
export { type OwnTemplate, ownTemplate, parseTemplate } from './parse-template.ts'
export type {
  Capabilities,
  FirewallView,
  KeyRule,
  NotUnderstood,
  PlatformModule,
  RenderedFile,
  Rendering,
  RenderOptions,
  Texts,
} from './platform.ts'
export { platformModules } from './platforms/all.ts'
export { platformModule } from './platforms/index.ts'
export { readShownTables, type ShownTables } from './platforms/linux/ip/shown-routes.ts'
export {
  type IpRoute,
  readIpAddresses,
  type ShownAddress,
  tryParseIpRoute,
  tryParseNextHop,
} from './platforms/linux/read-ip.ts'
export type { ReadDevice } from './read-device.ts'
export { emptinessOf, type Refusal, refusalOf } from './refusal.ts'
export { type OwnTemplates, renderTemplates, type Templates } from './render-templates.ts'
export { holdsSecret, Secret } from './secret.ts'
export { shownLine, withoutSecrets } from './shown-line.ts'
export type { TemplatePiece, TemplatePieces } from './template.ts'
export { visible } from './visible.ts'
