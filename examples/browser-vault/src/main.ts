/** Starts the page. */
import { startBrowserVault } from './app/browser-vault.js'

const root = document.querySelector<HTMLElement>('#root')
if (root === null) throw new Error('the page has no place for the vault')
await startBrowserVault(root)
