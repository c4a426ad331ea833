/** Clouds list what they gave up for a while; an address manager's container is no network of its own. */
export const unusedState = /^(disassociated|deleted|terminated|container)$/i
