/** How people and programs write secrets of several lines into a file of `NAME=value` lines. */

/** Puts a text behind a name, in some notation of some language. */
export type Quoting = (text: string) => string

/** Of these every line of any text lies between two marks. */
export const ENCLOSED: Readonly<Record<string, Quoting>> = {
  double: (text) => `K="${text}"`,
  single: (text) => `K='${text}'`,
  tick: (text) => `K=\`${text}\``,
  exported: (text) => `export K="${text}"`,
  semicolon: (text) => `K="${text}";`,
  comma: (text) => `K="${text}",`,
  commas: (text) => `K='${text}',,  # so`,
  'comment behind': (text) => `K="${text}" # so`,
  'something behind': (text) => `K="${text}" so`,
  'a quote behind': (text) => `K="${text}""`,
  bracket: (text) => `K=("${text}")`,
  'on its own lines': (text) => `K="\n${text}\n"`,
  'never closed': (text) => `K="${text}`,
  'never closed, single': (text) => `export K='${text}`,
  'closed by another': (text) => `K="${text}'`,
  'closed, never opened': (text) => `K=(${text}"`,
  'three quotes': (text) => `K="""${text}"""`,
  'three quotes, own lines': (text) => `K = '''\n${text}\n'''`,
  'three quotes, closed by one': (text) => `K="""${text}"`,
  prefixed: (text) => `K=r"${text}"`,
  dollar: (text) => `K=$'${text}'`,
  'dollar double': (text) => `K=$"${text}"`,
  'at sign': (text) => `$K = @"\n${text}\n"@`,
  'at sign, single': (text) => `K=@'\n${text}\n'@;`,
  'here-document': (text) => `K=<<EOF\n${text}\nEOF`,
  'here-document in quotes': (text) => `K=<<'END_OF'\n${text}\nEND_OF`,
  'here-document, indented': (text) => `K=<<~EOF\n${indent(text)}\nEOF`,
  'here-document of a command': (text) => `K=$(cat <<EOF\n${text}\nEOF\n)`,
  'here-document of PHP': (text) => `$K = <<<EOT\n${text}\nEOT;`,
  'percent and brace': (text) => `K=%{${text}}`,
  'percent and parenthesis': (text) => `K=%q(${text})`,
  'long bracket': (text) => `K=[[${text}]]`,
  'block scalar': (text) => `K: |\n${indent(text)}`,
  'block scalar, folded': (text) => `K: >-\n${indent(text)}`,
  'block scalar behind =': (text) => `K=|\n${indent(text)}`,
  indented: (text) => `K=x\n${indent(text)}`,
  backslashes: (text) => `K=${text.replaceAll('\n', '\\\n')}`,
  'backslashes in quotes': (text) => `K="${text.replaceAll('\n', '\\\n')}"`,
  JSON: (text) => JSON.stringify({ K: text }, null, 2),
  'JSON value': (text) => `K=${JSON.stringify({ K: text })}`,
  'JSON value of lines': (text) => `K=${JSON.stringify({ a: 1, K: text.split('\n') }, null, 2)}`,
  'JSON value in quotes': (text) => `K='${JSON.stringify({ K: text }, null, 2)}'`,
  'JSON value, raw lines': (text) => `K={\n  "K": "${text}",\n}`,
  set: (text) => `set K="${text}"`,
  'set in quotes': (text) => `set "K=${text}"`,
  setx: (text) => `setx K "${text}"`,
  'environment of PowerShell': (text) => `$env:K = "${text}"`,
  make: (text) => `define K\n${text}\nendef`,
  XML: (text) => `<K>${text}</K>`,
  dollars: (text) => `K=$$${text}$$`,
  'dollars of a statement': (text) => `K=$$${text}$$ LANGUAGE sql;`,
  'dollars with a tag': (text) => `K=$key$${text}$key$;`,
  'q and a slash': (text) => `K=q/${text}/;`,
  'q and an exclamation mark': (text) => `K=q!${text}!`,
  'qq and a bar': (text) => `K=qq|${text}|;`,
  'percent, q and a slash': (text) => `K=%q/${text}/`,
  'percent and an exclamation mark': (text) => `K=%!${text}!`,
  'sigil of Elixir': (text) => `K=~s/${text}/`,
  'corner brackets': (text) => `K=「${text}」`,
  'angle quotes': (text) => `K=‹${text}›`,
  'full-width quotes': (text) => `K=＂${text}＂`,
  primes: (text) => `K=″${text}″`,
  'comment of HTML': (text) => `K=‹!--${text}-->`,
  'expression of a template': (text) => `K=‹%=${text}%>`,
  'instruction of XML': (text) => `K=‹?${text}?>`,
  'comment of HTML, less-than': (text) => `K=<!--${text}-->`,
  'element behind =': (text) => `K=<v>${text}</v>`,
  'references of HTML': (text) => `K=&quot;${text}&quot;`,
  'percent-encoded quotes': (text) => `K=%22${text}%22`,
  percents: (text) => `K=%${text}%`,
  'at signs': (text) => `K=@${text}@`,
  'exclamation marks': (text) => `K=!${text}!`,
  'number signs': (text) => `K=#${text}#`,
  asterisks: (text) => `K=**${text}**`,
  underscores: (text) => `K=__${text}__`,
  tilde: (text) => `K=~${text}~`,
  tildes: (text) => `K=~~~\n${text}\n~~~`,
  'tildes, one line': (text) => `K=~~~${text}~~~`,
  'first line commented out': (text) => `# K="${text}"`,
  'here-document commented out': (text) => `# K=<<EOF\n${text}\nEOF`,
  'commented out': (text) => comment(`K="${text}"`),
}

/** Of these only a text that no line of is an assignment can be told from other lines. */
export const BARE: Readonly<Record<string, Quoting>> = {
  'no quotes': (text) => `K=${text}`,
  'no quotes, next line': (text) => `K=\n${text}`,
  'no name': (text) => text,
  'quotes round each line': (text) =>
    `K=${text
      .split('\n')
      .map((line) => `"${line}"`)
      .join('\n')}`,
  'concatenated lines': (text) =>
    `K=${text
      .split('\n')
      .map((line) => `"${line}"`)
      .join(' +\n')}`,
  'a quote at the end': (text) => `K=${text}"`,
  'a comma at the end': (text) => `K=${text},`,
  'quoted-printable': (text) => `K=${text.replaceAll('=', '=3D').replaceAll('\n', '=\n')}`,
  'quoted-printable, padding alone': (text) =>
    `K=${text.replace(/=+$/, (end) => end.replaceAll('=', '=3D'))}`,
  'tag of YAML': (text) => `K=!!binary |\n${text}`,
  'data URL': (text) => `K=data:;base64,\n${text}`,
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}

function comment(text: string): string {
  return text.replace(/^/gm, '# ')
}
