/** The program: `npm run bench`. */
import { USAGE, parseOptions } from './options.js'
import { runBench } from './run.js'

const options = parseOptions(process.argv.slice(2))
if (options.isHelp) {
  console.log(USAGE)
} else {
  await runBench(options, (line) => {
    console.log(line)
  })
}
