/**
 * Loads what else would be imported when it is first needed. On a disk that saves little, and where
 * the process has no descriptor left at that moment, Node would refuse it for ever.
 */
import './start-vault.js'
import '../verify/verify.js'
