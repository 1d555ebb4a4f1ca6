/**
 * Loads the parts that would otherwise be imported on first use. On disk a late import saves
 * little, and if the process has no free file descriptor at that moment, Node refuses the import
 * permanently.
 */
import './start-vault.js'
import '../rare-operations.js'
