/** In a page every part is a file of its own, which is loaded when it is first needed. */
export {}
