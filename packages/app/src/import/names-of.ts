import { Prefix, type WrittenSite } from '@natplan/core'

/** What a site may be called by: its subnets, and what they are pinned to or hide behind. */
export function namesOf({ subnets }: Pick<WrittenSite, 'subnets'>): Prefix[] {
  const texts = subnets.flatMap((subnet) =>
    typeof subnet === 'string' ? [subnet] : [subnet.prefix, subnet.translateTo ?? [], subnet.hideBehind ?? []].flat(),
  )
  return texts.flatMap((text) => Prefix.tryParse(text) ?? Prefix.tryParse(`${text}/32`) ?? [])
}
