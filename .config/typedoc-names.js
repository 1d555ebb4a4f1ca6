import { Converter, ReflectionKind } from 'typedoc'

/** What an application imports, where typedoc would show the file that it comes from. */
const NAMES = {
  'vault/src': 'stagevault',
  'storage/src': '@stagevault/storage',
  'storage/src/memory': '@stagevault/storage/memory',
  'storage/src/conformance/storage-conformance': '@stagevault/storage/conformance',
  'storage/src/faulty-storage': '@stagevault/storage/faulty',
  'storage/src/simulated-disk': '@stagevault/storage/simulated-disk',
  'storage-level/src': '@stagevault/storage-level',
  'storage-idb/src': '@stagevault/storage-idb',
}

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return
    const name = NAMES[reflection.name]
    if (name === undefined) app.logger.warn(`No import name is given for ${reflection.name}`)
    else reflection.name = name
  })
}
