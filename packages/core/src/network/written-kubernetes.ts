import * as z from 'zod/mini'
import { about, addressText, prefixText, shaped } from './written-texts.ts'

/** A Kubernetes label key, perhaps with a prefix, and a label value. */
const labelKey = z
  .string()
  .check(
    shaped(
      /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
      'a label key as Kubernetes takes it, such as example.com/zone',
    ),
  )
const labelValue = z
  .string()
  .check(
    shaped(
      /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
      'a label value as Kubernetes takes it: at most 63 letters, digits, dashes, dots and underscores',
    ),
  )
const quantity = z
  .string()
  .check(shaped(/^[1-9][0-9]{0,8}(m|k|Ki|M|Mi|G|Gi)?$/, 'a quantity as Kubernetes takes it, such as 10m or 32Mi'))

/** A registry, folders, a name; a tag, a digest or both: what a container runtime takes. */
const imageName =
  /^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/

/** A count of nodes, or a share of them: with none, a rollout would never begin. */
const maxUnavailable = z
  .union([
    z.int().check(z.gte(1), z.lte(100_000)),
    z.string().check(shaped(/^([1-9][0-9]?|100)%$/, 'a number of nodes, or a share from 1% to 100%')),
  ])
  .check(
    about(
      'How many nodes may be without a ready agent during a rollout: a number, or a share such as 25%. Nodes that are down count. Routes stay while an agent is replaced. Default 10%.',
    ),
  )

const nodeSelector = z
  .record(labelKey, labelValue)
  .check(about('Labels of the nodes that the agent runs on; kubernetes.io/os: linux is added.'))

const toleration = z.strictObject({
  key: z.optional(labelKey.check(about('The key of the taint. Without one, operator: Exists tolerates every taint.'))),
  operator: z.optional(z.enum(['Equal', 'Exists'])),
  value: z.optional(labelValue),
  effect: z.optional(z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
  tolerationSeconds: z.optional(z.int().check(z.gte(0))),
})

const tolerations = z
  .array(toleration)
  .check(
    about('Taints that the agent tolerates, as Kubernetes writes them. Default: those that every DaemonSet tolerates.'),
  )

const privateNetwork = prefixText.check(
  about('The route on the nodes whose next hop is the private gateway. Default 10.0.0.0/8.'),
)
const nodeGateway = addressText.check(
  about(
    'The address of the private gateway, when the nodes have no route that names it. Default: taken from the route.',
  ),
)

const nodePool = z.strictObject({
  name: z
    .string()
    .check(
      shaped(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/, 'at most 40 small letters, digits and dashes, no dash at an end'),
      about('The name of the pool: it becomes part of the names of its DaemonSet and its list.'),
    ),
  privateNetwork: z.optional(privateNetwork),
  gateway: z.optional(nodeGateway),
  nodeSelector: z.optional(nodeSelector),
  tolerations: z.optional(tolerations),
})

const amounts = z.strictObject({ cpu: z.optional(quantity), memory: z.optional(quantity) })

/** What the plan file says of the cluster of a site. */
export const kubernetes = z.strictObject({
  privateNetwork: z.optional(privateNetwork),
  gateway: z.optional(nodeGateway),
  nodePools: z.optional(
    z
      .array(nodePool)
      .check(
        z.minLength(1),
        about(
          'Groups of nodes with their own private networks or gateways; a pool inherits what it does not set. Default: all nodes are the same.',
        ),
      ),
  ),
  podSubnets: z.optional(z.array(prefixText).check(about('Address ranges of pods; never handed out.'))),
  serviceSubnets: z.optional(z.array(prefixText).check(about('Address ranges of services; never handed out.'))),
  namespace: z.optional(
    z
      .string()
      .check(
        shaped(
          /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
          'at most 63 small letters, digits and dashes, no dash at an end',
        ),
        about('The namespace of the route agent. Default static-routes.'),
      ),
  ),
  podEgress: z.optional(
    z
      .enum(['masquerade', 'routed'])
      .check(
        about(
          "masquerade: pods leave with their node's address (default). routed: pods keep their addresses, and the pod ranges are subnets of the site.",
        ),
      ),
  ),
  image: z.optional(
    z
      .string()
      .check(
        shaped(
          imageName,
          'the name of an image with a tag or a digest, such as busybox:1.36 or busybox@sha256:... with 64 digits',
        ),
        about(
          'The image of the route agent, pinned by tag, by digest (NAME@sha256:DIGEST) or by both: any with a shell, awk and ip, such as Alpine or BusyBox. Default docker.io/library/alpine:3.22.2.',
        ),
      ),
  ),
  nodeSelector: z.optional(nodeSelector),
  tolerations: z.optional(tolerations),
  priorityClassName: z.optional(
    z
      .string()
      .check(
        shaped(
          /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
          'small letters, digits, dashes and dots, a letter or digit at both ends',
        ),
        about('The priority class of the agent, such as system-node-critical. Default: none.'),
      ),
  ),
  interval: z.optional(
    z.int().check(z.gte(5), z.lte(3600), about('Seconds between two checks of its node by the agent. Default 20.')),
  ),
  maxUnavailable: z.optional(maxUnavailable),
  metric: z.optional(
    z
      .int()
      .check(
        z.gte(4096),
        z.lte(999_999_999),
        about(
          'The metric that marks the routes of the agent; nothing else on the nodes may use it. Remove the routes before changing it. Default 17600.',
        ),
      ),
  ),
  resources: z.optional(
    z
      .strictObject({ requests: z.optional(amounts), limits: z.optional(amounts) })
      .check(about('What the agent requests and may use. Default: requests 10m and 16Mi, limit 64Mi of memory.')),
  ),
})
