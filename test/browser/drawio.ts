import type { Page } from 'playwright-core'

/**
 * Where a text leaves the file format of draw.io (https://www.drawio.com/docs/reference/file-format/): mxfile, diagram, mxGraphModel, root; a
 * root cell and a layer first; ids once; every parent, source and target a cell; vertices and edges with a geometry, an edge's relative.
 */
export function drawioFaults(page: Page, text: string): Promise<string[]> {
  return page.evaluate((xml) => {
    const parsed = new DOMParser().parseFromString(xml, 'application/xml')
    if (parsed.querySelector('parsererror')) return ['it is no XML']
    const root = parsed.querySelector('mxfile > diagram[id][name] > mxGraphModel > root')
    if (!root) return ['there is no mxfile > diagram > mxGraphModel > root']
    const cells = [...root.children]
    const ids = cells.map((cell) => cell.getAttribute('id') ?? '')
    const faults: string[] = []
    if (cells.some(({ tagName }) => tagName !== 'mxCell')) faults.push('something else than cells')
    if (new Set(ids).size !== ids.length || ids.includes('')) faults.push('ids that are missing or there twice')
    if (ids[0] !== '0' || ids[1] !== '1' || cells[1]?.getAttribute('parent') !== '0')
      faults.push('no root cell with a layer')
    for (const cell of cells.slice(2)) {
      const id = cell.getAttribute('id')
      const [isVertex, isEdge] = [cell.getAttribute('vertex') === '1', cell.getAttribute('edge') === '1']
      if (isVertex === isEdge) faults.push(`${id} is neither a vertex nor an edge`)
      for (const end of isEdge ? ['parent', 'source', 'target'] : ['parent']) {
        if (!ids.includes(cell.getAttribute(end) ?? '')) faults.push(`${id} has no ${end}`)
      }
      const geometry = cell.querySelector(':scope > mxGeometry[as=geometry]')
      const sizes = ['x', 'y', 'width', 'height'].map((name) => Number(geometry?.getAttribute(name) ?? Number.NaN))
      if (isVertex && sizes.some(Number.isNaN)) faults.push(`${id} has no place`)
      if (isEdge && geometry?.getAttribute('relative') !== '1') faults.push(`${id} has no relative geometry`)
      if (!/^([a-zA-Z]+(=[#\w]+)?;)+$/.test(cell.getAttribute('style') ?? '')) faults.push(`${id} has another style`)
    }
    return faults
  }, text)
}
