import { caseCalls, serveCalls } from '@stagevault/browser-engines/page'
import { browserPlaces } from './browser-places.js'
import { locationCases } from './location-cases.js'

serveCalls(
  caseCalls((frame) => {
    locationCases(frame, browserPlaces)
  }),
)
