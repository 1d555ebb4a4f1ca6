/**
 * Imports a package that is installed here. A bare name is looked for from the file that imports
 * it, and the programs that measure lie elsewhere.
 */
export function loadPeer(name) {
  return import(name)
}
