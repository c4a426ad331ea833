export { clusterSite, manifestFile } from './clusters/manifest-file.ts'
export type { GivenRoutes } from './configs/gateway-routes.ts'
export { type GivenConfig, readConfiguration, type SiteConfig } from './configs/read-configuration.ts'
export type { RunningConfig } from './configs/read-running.ts'
export { diffGateways, type GatewayDiffs } from './gateways/diff-gateways.ts'
export type { GatewayDiff } from './gateways/gateway-diff.ts'
export { generatedFiles } from './gateways/generated-files.ts'
export type { Generated } from './gateways/guide.ts'
export type { Keys } from './gateways/keys.ts'
export { leftFiles } from './gateways/left-files.ts'
export type { OutputFile, Texts } from './gateways/output-file.ts'
export {
  type RenderChoice,
  type RenderedGateway,
  type RenderedGateways,
  renderGateways,
  type TemplatePack,
} from './gateways/render-gateways.ts'
export { unfitFolders } from './gateways/site-folders.ts'
export { importPlan } from './import/import-plan.ts'
export type { Given, ImportChoice, Imported } from './import/imported.ts'
export { type IntoPlan, intoPlan } from './import/into-plan.ts'
export { tableText } from './import/lists/whole-text.ts'
export { planText } from './import/plan-text.ts'
export { limits } from './limits.ts'
export { addressBook, type BookEntry } from './names/address-book.ts'
export { type CheckedNames, checkedResult, checkNames, type NamesToCheck } from './names/check-names.ts'
export { zoneText } from './names/forms/bind.ts'
export { hostResult } from './names/host-views.ts'
export { type NamesForm, namesForms } from './names/names-forms.ts'
export { namesCsv, namesResult } from './names/names-result.ts'
export { namesText } from './names/names-text.ts'
export { diffFigures } from './pictures/diff-figures.ts'
export { traceDiagram } from './pictures/mermaid.ts'
export { packetFigure } from './pictures/packet-figure.ts'
export { type PictureWish, pictureFigures, pictureText, svgOfFigures } from './pictures/picture.ts'
export { type PictureFormat, pictureFormats } from './pictures/picture-formats.ts'
export { pictureStyle } from './pictures/svg.ts'
export { findHosts } from './plan/find-hosts.ts'
export { formattedPlan } from './plan/format-plan.ts'
export { gatewaySite, gatewaySites, noGateways } from './plan/gateway-site.ts'
export type { Include, Included } from './plan/included.ts'
export { type Edited, type PlanToEdit, planToEdit } from './plan/plan-to-edit.ts'
export {
  type LoadedNetwork,
  type LoadedPlan,
  type LockText,
  type NetworkText,
  planOf,
  readLockText,
  readNetworkText,
  withLock,
} from './plan/read-plan.ts'
export { siteNamed } from './plan/site-named.ts'
export { isTableName } from './plan/site-table.ts'
export { BadLines, type InputFindings } from './prefixes/bad-lines.ts'
export { utf8 } from './prefixes/bytes.ts'
export { leavesOf, withoutPrefixes } from './prefixes/chosen-rows.ts'
export { isPlanText } from './prefixes/input-format.ts'
export { type PrefixInput, type ReadingOptions, readPrefixes } from './prefixes/read-prefixes.ts'
export { parseSpaceKey, type SpaceKey } from './prefixes/space-key.ts'
export { inSpace, spaceNames } from './prefixes/spaces.ts'
export { type BadLine, type Refused, TableCells } from './prefixes/table-cells.ts'
export type { TextPieces } from './prefixes/text-pieces.ts'
export { type Reported, report } from './report/report.ts'
export { diffToDocument } from './results/diff-document.ts'
export { findingToDocument, overlapsToDocument, planToDocument } from './results/plan-document.ts'
export type { LabDocument } from './results/schemas/lab.ts'
export type { FindingDocument } from './results/schemas/pieces.ts'
export { traceToDocument } from './results/trace-document.ts'
export { verifiedToDocument } from './results/verify-document.ts'
export { addressResult } from './tables/address-views.ts'
export { diffSummary, diffText } from './tables/diff-text.ts'
export { firewallResult } from './tables/firewall-page.ts'
export { formatError, formatFindings, formatPlace, groupsOf } from './tables/format-finding.ts'
export {
  type ComparedSpace,
  type Comparison,
  compareInputs,
  countOverlaps,
  type FoundOverlaps,
  overlappingIn,
} from './tables/found-overlaps.ts'
export { type FreeFound, freeDocument, freeRows, freeTables } from './tables/free-space.ts'
export type { FindingGroup } from './tables/group-findings.ts'
export { inputDocument, inputReport } from './tables/input-report.ts'
export { inputTable, overlapTables } from './tables/overlap-tables.ts'
export type { Terminal } from './tables/painter.ts'
export { overlapTable, planTables } from './tables/plan-tables.ts'
export { prefixResult } from './tables/prefix-views.ts'
export type { Result } from './tables/result.ts'
export { formatMarkdown, formatTables, type LongTable, type Table, tableTexts, wholeTable } from './tables/table.ts'
export { traceTables } from './tables/trace-tables.ts'
export { verifyTables } from './tables/verify-tables.ts'
export { count } from './text/count.ts'
export { type Documents, type NamedText, whereIs } from './text/documents.ts'
export { forPeople } from './text/for-people.ts'
export { readDocument } from './text/read-document.ts'
export { type NodeFaults, withNodeFaults } from './trace/broken-nodes.ts'
export { packetOf, poolOf, type WrittenPacket } from './trace/packet-request.ts'
export type { Traced } from './trace/traced.ts'
export { judgePlan } from './verify/judge-plan.ts'
export { type Verified, verifiedWorld } from './verify/verified-world.ts'
export { type LoadedWorld, worldOfTexts } from './verify/world-of-texts.ts'
export { readWorkbook, type SheetTable, unreadSheets } from './workbook/workbook.ts'
