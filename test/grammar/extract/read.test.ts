import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { readNodeDefs } from './node-def.ts'
import { nodesOf } from './schema.ts'
import { readVyosXml } from './vyos-xml.ts'
import { readYang } from './yang.ts'

describe('the reader of VyOS', () => {
  const leaf = (name: string, properties: string) =>
    `<leafNode name="${name}"><properties>${properties}</properties></leafNode>`
  const root = () =>
    readVyosXml(
      temporaryFolder({
        'one.xml.in': `<?xml version="1.0"?>
<!-- <node name="gone"/> -->
<interfaceDefinition><node name="top"><children>
  <tagNode name="thing">
    <properties><constraint><validator name="numeric" argument="--range 1-9"/><regex>a&amp;b</regex></constraint></properties>
    <children>
      #include <include/part.xml.i>
      ${leaf('off', '<valueless/>')}
    </children>
  </tagNode>
</children></node></interfaceDefinition>`,
        'include/part.xml.i': leaf('many', '<multi/><constraint><validator name="ipv4-prefix"/></constraint>'),
      }),
    )

  it('follows fragments, and tells the kinds of nodes and their values', () => {
    expect(nodesOf(root(), ['top **'])).toEqual({
      top: { kind: 'node' },
      'top thing': { kind: 'tag', is: { any: ['numeric --range 1-9', 'pattern ^(?:a&b)$'] } },
      'top thing many': { kind: 'leaves', is: 'ipv4-prefix' },
      'top thing off': { kind: 'flag' },
    })
  })

  it('keeps what the scope names', () => {
    expect(Object.keys(nodesOf(root(), ['top thing off', '* other']))).toEqual(['top', 'top thing', 'top thing off'])
  })
})

describe('the reader of templates', () => {
  const read = (text: string) =>
    nodesOf(readNodeDefs(temporaryFolder({ 'top/leaf/node.def': `${text}\nhelp: any\n` })), ['top leaf'])['top leaf']

  it.each([
    ['type: u32\nsyntax:expression: ($VAR(@) >= 1 && $VAR(@) < 10) ; "no"', { all: ['u32', 'numeric --range 1-9'] }],
    ['type: txt\nsyntax:expression: $VAR(@) in "a", "b"; "no"', 'words a b'],
    ['type: txt\nsyntax:expression: pattern $VAR(@) "^[[:digit:]]+$" ; "no"', 'pattern ^[0-9]+$'],
    ['type: txt\nsyntax:expression: ! pattern $VAR(@) "^V" ; "no"', 'not pattern ^V'],
    ['type: txt\nsyntax:expression: ($VAR(@) == 2 || $VAR(@) == 5); "no"', 'words 2 5'],
    ['type: ipv4, ipv6', { any: ['ipv4', 'ipv6'] }],
    ['type: ipv4\ntype: txt', undefined],
    ['type: txt\nsyntax:expression: exec "/opt/vyatta/sbin/valid_address $VAR(@)"', 'valid_address'],
    ['type: txt\nsyntax:expression: something else ; "no"', 'unread something else ; "no"'],
  ])('takes %j for a value', (text, is) => {
    expect(read(text)).toEqual({ kind: 'leaf', ...(is === undefined ? {} : { is }) })
  })

  it('tells tags, leaves of several values and flags, and what must stand below', () => {
    const folder = temporaryFolder({
      'top/thing/node.def': 'tag:\ntype: txt\ncommit:expression: $VAR(./a/) != "" || $VAR(./b/@@) != "" ; "no"\n',
      'top/thing/node.tag/a/node.def': 'multi:\ntype: txt\n',
      'top/thing/node.tag/b/node.def': 'help: any\n',
    })
    expect(nodesOf(readNodeDefs(folder), ['top **'])).toEqual({
      top: { kind: 'node' },
      'top thing': { kind: 'tag', needs: [['a', 'b']] },
      'top thing a': { kind: 'leaves' },
      'top thing b': { kind: 'flag' },
    })
  })
})

describe('the reader of YANG', () => {
  const files = {
    'yang/types.yang': `module types {
  prefix t; // a comment
  typedef name { type string { length 1..9; pattern '[a-z]' + '+'; } }
  grouping limit { leaf limit { type uint16 { range 1..65535; } mandatory true; } }
}`,
    'yang/things.yang': `module things {
  prefix th;
  import types { prefix t; }
  container top { list thing {
    key "tagnode";
    leaf tagnode { type t:name; }
    leaf off { type empty; }
    leaf-list many { type union { type enumeration { enum "a"; enum "b"; } type uint8; } }
    container size { uses t:limit; }
  } }
}`,
    'yang/more.yang': `module more {
  prefix m;
  import things { prefix th; }
  augment /th:top/th:thing { leaf more { type string; } container state { config false; leaf x { type string; } } }
}`,
  }

  it('follows groupings, types and augments of other modules', () => {
    expect(nodesOf(readYang([join(temporaryFolder(files), 'yang')]), ['top **'])).toEqual({
      top: { kind: 'node' },
      'top thing': { kind: 'tag', is: { all: ['pattern ^(?:[a-z]+)$', 'length 1-9'] } },
      'top thing many': { kind: 'leaves', is: { any: ['words a b', 'numeric --range 0-255'] } },
      'top thing more': { kind: 'leaf' },
      'top thing off': { kind: 'flag' },
      'top thing size': { kind: 'node', needs: [['limit']] },
      'top thing size limit': { kind: 'leaf', is: 'numeric --range 1-65535' },
    })
  })
})
