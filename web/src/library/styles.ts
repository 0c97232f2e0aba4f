/**
 * What the styles of all parts build on. Each part imports this before anything else: a rule here must come before the
 * rules that build on it, and weighs as much as some of them.
 */
import "./colourScheme.css";
import "../ui/tokens.css";
// After the tokens: in the order in which they build on each other.
import "../ui/base.css";
import "../ui/Field.css";
