// @ts-check
// What is packed differs from what is developed in two ways: nothing of this workspace's own condition, which makes
// packages resolve each other to their sources, and no scripts or dependencies that only development needs.
export const hooks = {
  /** @param {any} manifest */
  beforePacking(manifest) {
    delete manifest.scripts
    delete manifest.devDependencies
    for (const entry of Object.values(manifest.exports ?? {})) {
      if (typeof entry === 'object') delete entry['@lg/source']
    }
    return manifest
  },
}
