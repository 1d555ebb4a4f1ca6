/** All that the package exports, for the size of a bundle that nothing is shaken out of. */
import * as stagevault from 'stagevault'

globalThis.stagevault = stagevault
