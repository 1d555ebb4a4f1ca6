/** In a page each part is a separate file, loaded on first use. */
export {}
