/** What the app may import of this feature. */
export { SearchDialog } from "./SearchDialog";
