/** The forms that a picture is written in. */
export const pictureFormats = ['svg', 'mermaid', 'dot', 'drawio'] as const
export type PictureFormat = (typeof pictureFormats)[number]
