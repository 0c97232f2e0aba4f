"""What can be read about a process while it works. `docs/metrics.md` lists it.

Code that works counts in plain integers and `Histogram`s of its own. The nouns' parts (`Part.measure`) and the modules
here give these their names in `Metrics`, where they are read when somebody asks. Nothing is computed before.
"""
