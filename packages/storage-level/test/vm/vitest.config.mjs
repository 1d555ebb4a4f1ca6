export default {
  test: {
    include: ['test/vm/codes.mjs'],
    globals: true,
    testTimeout: 60_000,
    // As in an application, where packages are no part of what Vitest transforms.
    server: { deps: { external: [/\/dist\//] } },
  },
}
