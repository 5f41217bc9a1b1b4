/** The cars of the demo: comments, several objects in one file, different folders, and one file that is broken. */
export const demoFiles: Readonly<Record<string, string>> = {
  'README.md': '# Cars\n\nThe garage, kept in Git.\n',
  'cars/foo.yaml': `# The first car of the garage. Ask Ann before you sell it.
apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: foo
  namespace: default
  creationTimestamp: "2020-08-17T14:33:16Z"
spec:
  brand: SAAB
  engine: The best one   # a two-stroke, of course
  yearModel: "2008"
status:
  acceleration: 0
  # More than a double can count: every digit matters.
  distance: 12176941420362965433
  persons: 0
  speed: 53.37474583162469  # km/h
`,
  'cars/racing.yaml': `---
# Two cars that share a file.
apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: comet
  namespace: racing
spec: { brand: Lancia, yearModel: "1974" }
status:
  distance: 9007199254740993
  speed: 0

---
apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: bolt      # not the runner
  namespace: racing
spec:
  brand: Alpine
`,
  'garage/bikes/thunder.yml': `apiVersion: sample-app.weave.works/v1alpha1
kind: Motorcycle
metadata:
  name: thunder
spec:
  color: blue
`,
  'garage/unfinished.yaml': `apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: unfinished
spec:
  brand: "a quote that never ends
`,
}
