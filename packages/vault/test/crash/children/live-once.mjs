// Lives a vault's life once, as far as the disk lets it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { live } from './live.mjs'

const [home, life] = process.argv.slice(2)
const report = await live(join(home, 'vault'), readFileSync(life, 'utf8'))
console.log(JSON.stringify({ home, ...report }))
