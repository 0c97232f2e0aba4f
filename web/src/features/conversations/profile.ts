/** What the app may import of this feature, once somebody asks for a profile. */
export { ProfilePane } from "./ProfilePane";
