import { Prefix } from '../address/prefix.ts'

/** A range that software uses on Kubernetes nodes by default, unseen in any plan. */
export interface CommonRange {
  readonly prefix: Prefix
  readonly software: string
  /** Which list of the plan file, once filled in, says that the range was checked. */
  readonly names: 'podSubnets' | 'serviceSubnets'
}

function range(prefix: string, software: string, names: CommonRange['names'] = 'podSubnets'): CommonRange {
  return { prefix: Prefix.parse(prefix), software, names }
}

/** Defaults as the projects and platforms document them. */
export const commonRanges: readonly CommonRange[] = [
  range('172.17.0.0/16', "docker's default bridge"),
  range('172.18.0.0/15', "docker's further bridges (compose networks)"),
  range('172.20.0.0/14', "docker's further bridges (compose networks)"),
  range('192.168.0.0/16', "Calico's default pod pool"),
  range('10.244.0.0/16', "flannel's default pod range"),
  range('10.42.0.0/16', "k3s's pods"),
  range('10.43.0.0/16', "k3s's services", 'serviceSubnets'),
  range('10.96.0.0/12', "kubeadm's services", 'serviceSubnets'),
  range('10.100.0.0/16', "EKS's services", 'serviceSubnets'),
  range('172.20.0.0/16', "EKS's services", 'serviceSubnets'),
  range('172.30.0.0/16', "IBM Cloud's pods and OpenShift's services"),
  range('172.21.0.0/16', "IBM Cloud's services", 'serviceSubnets'),
  range('10.128.0.0/14', "OpenShift's pods"),
]
