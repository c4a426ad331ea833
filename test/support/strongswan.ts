import { type Namespace, until } from './namespaces.ts'

/** A daemon of the namespace's own, which sees a copy of /etc and an empty /run: nothing of the machine's is touched. */
export async function startStrongswan(namespace: Namespace): Promise<void> {
  namespace.script(`mount -t tmpfs natplan /mnt; cp -a /etc/. /mnt; mount --move /mnt /etc; mount -t tmpfs natplan /run
    rm -f /etc/swanctl/conf.d/*`)
  namespace.start(['charon-systemd'], { stdio: 'ignore' })
  const isUp = () => namespace.attempt('swanctl', '--stats').status === 0
  await until(() => 'charon answers', isUp, 20_000)
}
