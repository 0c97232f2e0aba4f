/** All that shows files in messages; loaded as one. */
export { Cards } from "./Cards";
export { FilesLayer } from "./FilesLayer";
export { Pictures } from "./Pictures";
