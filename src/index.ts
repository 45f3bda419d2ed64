/** What the package exports. */
export { reconnect, type Reconnect, type ReconnectOptions } from './reconnect.ts';
export { SessionState } from './adapters/botframework/session-state.ts';
export { graphPresence } from './adapters/teams/presence.ts';
export { TEAMS_DOWNLOADS } from './adapters/teams/dropped-files.ts';
export { cosmosStores, type CosmosOptions, type CosmosStores } from './adapters/cosmos/client.ts';
export { startTelemetry, type TelemetryOptions } from './adapters/telemetry/start.ts';
export type { OpenTelemetry } from './adapters/telemetry/open.ts';
export { blobFiles, FILES_CONTAINER, type BlobOptions } from './adapters/blob/files.ts';
export { directLineAttachments, DIRECT_LINE_FILES } from './adapters/directline/attachments.ts';
export { CONTAINERS, DATABASE, type ContainerSpec } from './adapters/cosmos/containers.ts';
export {
  readSettings,
  SettingsError,
  type Settings,
  type Widget,
  type WorkStream,
} from './settings/settings.ts';
export type { Interaction } from './handoff/interaction.ts';
export type { OnInteraction } from './handoff/interaction-hook.ts';
export type { ErasedCustomer, OnErasure } from './handoff/privacy/erasures.ts';
export { HandoffError, type HandoffErrorCode } from './handoff/errors.ts';
export { movableClock, systemClock, type Clock, type MovableClock } from './clock.ts';
