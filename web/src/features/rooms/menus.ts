/** The menus of conversations, which are loaded when the page is idle or somebody is about to open one. */
export { HeaderMenu } from "./HeaderMenu";
export { RowMenu } from "./RowMenu";
