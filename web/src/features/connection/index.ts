/** What the app and other features may import of this one. */
export { ConnectionStatus, ConnectionStrip } from "./ConnectionStrip";
