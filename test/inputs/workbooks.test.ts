import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../../packages/app/src/workbook/workbook.ts'
import { natplan, root } from '../support/command.ts'
import { zipOf } from '../support/zip.ts'

/** branches.xlsx was written by openpyxl 3.1, networks.xlsx by XlsxWriter 3.2. */
const workbooks = join(root, 'test', 'inputs', 'workbooks')

const sheetBegin = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'

interface Parts {
  readonly sheet: string
  readonly strings?: string
  readonly styles?: string
  readonly workbook?: string
}

function workbookOf({ sheet, strings, styles, workbook = '' }: Parts): Record<string, string> {
  return {
    'xl/workbook.xml': `<workbook xmlns:r="r">${workbook}<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': sheet,
    ...(strings === undefined ? {} : { 'xl/sharedStrings.xml': strings }),
    ...(styles === undefined ? {} : { 'xl/styles.xml': styles }),
  }
}

async function textOf(parts: Parts): Promise<string> {
  return (await readWorkbook('t.xlsx', zipOf(workbookOf(parts)), undefined)).text
}

const cells = (xml: string) => textOf({ sheet: `${sheetBegin}<row r="1">${xml}</row></sheetData></worksheet>` })

describe('a workbook', () => {
  it('of branches becomes a plan: titles, merged names, numbers, dates, texts in several forms', () => {
    const { stdout, stderr } = natplan(['import', 'branches.xlsx', '--explain'], { cwd: workbooks })
    expect(stdout).toContain('  Hamburg:\n')
    expect(stdout).toContain('- 10.0.3.0/25 # column LAN has 10.0.3.0 (branches.xlsx[Sites & LANs]:6)')
    expect(stdout).toContain('address: 198.51.100.7 # column WAN IP has 198.51.100.7 (branches.xlsx[Sites & LANs]:8)')
    expect(stderr).toContain('branches.xlsx[Sites & LANs]: not read: sheets Read me, Old; --sheet NAME reads one')
    // Nobody has computed the mask of Bremen: what is not known is told.
    expect(stderr).toContain('=20+4')
    expect(stdout).not.toContain('10.0.1.0/32')
  })

  it('of networks is read by overlaps and free, with sheet and row', () => {
    const { stdout, stderr } = natplan(['overlaps', 'networks.xlsx', '--by', 'vrf', '--output', 'csv'], {
      cwd: workbooks,
    })
    expect(stdout).toBe(
      `prefix,file,line,relation,other_prefix,other_file,other_line,vrf
10.0.0.0/16,networks.xlsx[Networks],2,contains,10.0.2.0/24,networks.xlsx[Networks],4,blue
10.0.0.0/16,networks.xlsx[Networks],2,contains,10.0.3.0/24,networks.xlsx[Networks],5,blue
`,
    )
    expect(stderr).toContain('networks.xlsx[Networks]:6:1 10.0.4.5/24: host bits are set')
    const free = natplan(['free', '--in', '10.0.0.0/15', 'networks.xlsx', '--length', '16', '--output', 'csv'], {
      cwd: workbooks,
    })
    expect(free.stdout).toBe('block\n10.1.0.0/16\n')
    expect(free.stderr).toContain('not read: sheet Other; --sheet NAME reads one')
  })

  it('comes through standard input, too', () => {
    const input = readFileSync(join(workbooks, 'networks.xlsx'))
    expect(natplan(['overlaps', '-', '--summary'], { input }).stdout).toContain('standard input[Networks]')
  })

  it('has a sheet of the name that is asked for, or none', () => {
    const run = (...args: string[]) => natplan(['overlaps', ...args], { cwd: workbooks })
    expect(run('branches.xlsx', '--sheet', 'old').stdout).toContain('branches.xlsx[Old]')
    expect(run('branches.xlsx', '--sheet', 'Oldd').stderr).toContain('hint: did you mean Old?')
    expect(run('../files/list.txt', '--sheet', 'Old')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--sheet is given, but no input is a workbook'),
    })
  })

  it.each<[string, string, string]>([
    ['inline texts', '<c r="A1" t="inlineStr"><is><t>10.0.0.0/8</t></is></c>', '10.0.0.0/8\n'],
    ['texts of formulas', '<c r="A1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', 'ab\n'],
    ['formulas that nobody computed', '<c r="A1"><f>B1+1</f></c>', '=B1+1\n'],
    ['formulas that came to nothing', '<c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c>', ',1\n'],
    ['numbers', '<c r="A1"><v>24</v></c><c r="B1"><v>1.5E1</v></c>', '24,15\n'],
    ['truth', '<c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c>', 'TRUE,FALSE\n'],
    ['errors', '<c r="A1" t="e"><v>#N/A</v></c>', '"#N/A"\n'],
    ['cells without places', '<c><v>1</v></c><c/><c><v>3</v></c>', '1,,3\n'],
    ['separators, quotes and line ends', '<c r="A1" t="str"><v>a,"b"\nc</v></c>', '"a,""b"" c"\n'],
    ['escapes', '<c r="A1" t="str"><v>a_x000D_&#10;b &#x41;&lt;&unknown;</v></c>', '"a b A<&unknown;"\n'],
    ['prefixes of elements', '<x:c r="A1"><x:v>7</x:v></x:c>', '7\n'],
    ['comments and sections', '<!-- <c r="A1"><v>9</v></c> --><c r="A1" t="str"><v><![CDATA[a<b]]></v></c>', 'a<b\n'],
  ])('holds %s', async (_, xml, text) => {
    expect(await cells(xml)).toBe(text)
  })

  it('keeps its rows as lines', async () => {
    const sheet = `${sheetBegin}<row r="3"><c r="B3"><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>`
    expect(await textOf({ sheet })).toBe('\n\n,1\n2,\n')
  })

  it('has texts that several cells share, without how they are pronounced', async () => {
    const strings =
      '<sst><si><r><t>10.0.</t></r><r><t xml:space="preserve">0.0/8 </t></r><rPh><t>x</t></rPh></si><si><t/></si></sst>'
    const sheet = `${sheetBegin}<row><c t="s"><v>0</v></c><c t="s"><v>7</v></c><c><v>1</v></c></row></sheetData></worksheet>`
    expect(await textOf({ sheet, strings })).toBe('10.0.0.0/8,,1\n')
  })

  it.each([
    ['', '2024-05-01,2024-05-02 12:30,45413,1900-02-28'],
    ['<workbookPr date1904="1"/>', '2028-05-02,2028-05-03 12:30,45413,1904-02-29'],
  ])('has dates by their formats: %s', async (workbook, text) => {
    const styles =
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm"/><numFmt numFmtId="165" formatCode="[Red]0.0&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    const row =
      '<c s="1"><v>45413</v></c><c s="2"><v>45414.520833333336</v></c><c s="3"><v>45413</v></c><c s="1"><v>59</v></c>'
    expect(await textOf({ sheet: `${sheetBegin}<row>${row}</row></sheetData></worksheet>`, styles, workbook })).toBe(
      `${text}\n`,
    )
  })

  it('has names merged over rows in each of them, and networks once', async () => {
    const rows = [1, 2, 3].map((row) => `<row r="${row}"><c r="C${row}"><v>${row}</v></c></row>`).join('')
    const first =
      '<row r="1"><c r="A1" t="str"><v>site</v></c><c r="B1" t="str"><v>10.0.0.0/8</v></c><c r="C1"><v>1</v></c></row>'
    const merges = '<mergeCells><mergeCell ref="A1:A4"/><mergeCell ref="B1:B2"/><mergeCell ref="C3:D3"/></mergeCells>'
    const sheet = `${sheetBegin}${first}${rows.slice(rows.indexOf('<row r="2"'))}</sheetData>${merges}</worksheet>`
    expect(await textOf({ sheet })).toBe('site,10.0.0.0/8,1\nsite,,2\nsite,,3\n')
  })
})

describe('what is no good workbook', () => {
  const refusal = async (bytes: Uint8Array) => {
    try {
      return (await readWorkbook('t.xlsx', bytes, undefined)).text
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}; ${(error as { hint?: string }).hint}`
    }
  }
  const good = () => workbookOf({ sheet: `${sheetBegin}<row><c><v>1</v></c></row></sheetData></worksheet>` })

  it.each<[string, () => Uint8Array, string]>([
    ['a cut one', () => zipOf(good()).subarray(0, -30), 'FILE_FORMAT t.xlsx is not a valid zip archive; it is damaged'],
    [
      'one that was made up',
      () => Buffer.from('PK\u0003\u0004 and so on', 'latin1'),
      'FILE_FORMAT t.xlsx is not a valid zip',
    ],
    ['another archive', () => zipOf({ 'a.txt': 'x' }), 'FILE_FORMAT t.xlsx is a zip archive; unpack it'],
    [
      'a binary workbook',
      () => zipOf({ 'xl/workbook.bin': 'x' }),
      'FILE_FORMAT t.xlsx is a binary workbook; save it as .xlsx',
    ],
    [
      'an OpenDocument sheet',
      () => zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }, { method: 0 }),
      'FILE_FORMAT t.xlsx is an OpenDocument file; save it as .xlsx',
    ],
    [
      'an encrypted one',
      () => zipOf(good(), { flags: 1 }),
      'FILE_FORMAT t.xlsx is encrypted; save it without a password',
    ],
    ['one packed otherwise', () => zipOf(good(), { method: 12 }), 'it is packed in a way (12) that is not known'],
    [
      'one without sheets',
      () => zipOf({ 'xl/workbook.xml': '<workbook/>' }),
      'FILE_FORMAT t.xlsx is a workbook without a sheet',
    ],
  ])('is refused: %s', async (_, bytes, said) => {
    expect(await refusal(bytes())).toContain(said)
  })

  it('unpacks up to a limit', { timeout: 60_000 }, async () => {
    const bomb = { ...good(), 'xl/sharedStrings.xml': Buffer.alloc(257 * 2 ** 20, ' ') }
    const bytes = zipOf(bomb)
    expect(bytes.length).toBeLessThan(2 ** 19)
    expect(await refusal(bytes)).toContain('INPUT_TOO_LARGE t.xlsx unpacks to more than 256 MiB')
  })

  it('has cells no farther apart than can be told', { timeout: 60_000 }, async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, row) => `<row r="${row + 1}"><c r="XFD${row + 1}"><v>1</v></c></row>`,
    )
    expect(
      await refusal(zipOf(workbookOf({ sheet: `${sheetBegin}${rows.join('')}</sheetData></worksheet>` }))),
    ).toContain('INPUT_TOO_LARGE t.xlsx[S] has cells too far apart')
    expect(await cells('<c r="XFE1"><v>1</v></c><c r="A1048577"><v>1</v></c><c r="A1"><v>2</v></c>')).toBe('2\n')
  })

  it.each([
    [
      'entities that multiply',
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
      '<c t="str"><v>&b;</v></c>',
      '"&b;"\n',
    ],
    ['a file from outside', '<!DOCTYPE x SYSTEM "file:///etc/passwd">', '<c t="str"><v>&x;</v></c>', '"&x;"\n'],
    ['a tag that never ends', '', '<c><v>1</v></c><c r="B1', '1\n'],
    ['a quote that never ends', '', '<c><v>1</v></c><c r="B1><v>2</v></c>', '1\n'],
    ['a tag of a million letters', '', `<c ${'a'.repeat(1_000_000)}/><c><v>1</v></c>`, ',1\n'],
    ['deep nesting', '', `${'<a>'.repeat(100_000)}<c><v>1</v></c>`, '1\n'],
  ])('expands nothing, and stays in its time: %s', async (_, head, xml, text) => {
    expect(await textOf({ sheet: `${head}${sheetBegin}<row>${xml}</row></sheetData></worksheet>` })).toBe(text)
  })

  it('is damaged wherever a byte of it is another', async () => {
    const bytes = zipOf(good())
    for (let at = 0; at < bytes.length; at += 3) {
      const broken = Buffer.from(bytes)
      broken[at] = (broken[at] as number) ^ 0x55
      const said = await refusal(broken)
      expect(said === '' || /^(FILE_FORMAT|INPUT_TOO_LARGE) |\n$/.test(said), `byte ${at}: ${said}`).toBe(true)
    }
  })
})
