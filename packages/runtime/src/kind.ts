/** A kind in any version. The core group is the empty string. */
export interface GroupKind {
  readonly group: string
  readonly kind: string
}

export interface GroupVersionKind extends GroupKind {
  readonly version: string
}

/** `apps/v1` -> group `apps`, version `v1`; `v1` -> the core group. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ?
      { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** The `apiVersion` field of a kind: `apps/v1`, or `v1` for the core group. */
export function formatApiVersion({
  group,
  version,
}: {
  readonly group: string
  readonly version: string
}): string {
  return group === '' ? version : `${group}/${version}`
}

/** How a kind is named to people: `Car.sample-app.weave.works`, and `Pod` in the core group. */
export function formatGroupKind({ group, kind }: GroupKind): string {
  return group === '' ? kind : `${kind}.${group}`
}
