// Only these two leave the package, so the bundle carries no more of it.
export { app, authentication } from '@microsoft/teams-js';
