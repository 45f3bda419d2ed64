import type { Server } from 'restify';
import { agentRoutes, type AgentRoutes } from './agent-routes.ts';
import { customerRoutes, type CustomerRoutes } from './customer-routes.ts';
import { healthRoutes, type HealthRoutes } from './health.ts';
import type { AgentIdentities } from './agent-identity.ts';
import type { CustomerIdentities } from './customer-identity.ts';
import { messageRoutes, type MessageRoutes } from './messages.ts';
import { pageRoutes, type PageRoutes } from './pages.ts';

/** What the doors of one house need; who composes it decides who is believed and what is real. */
export interface HouseRoutes
  extends
    Omit<CustomerRoutes, 'identities'>,
    Omit<AgentRoutes, 'identities' | 'streams'>,
    Omit<PageRoutes, 'pageHosts'>,
    MessageRoutes,
    HealthRoutes {
  readonly customers: CustomerIdentities;
  readonly agents: AgentIdentities;
}

/** Mounts every door of the product on a server; nothing else is open. */
export function houseRoutes(server: Server, given: HouseRoutes): void {
  const { house, settings } = given;
  messageRoutes(server, given);
  customerRoutes(server, { ...given, identities: given.customers });
  agentRoutes(server, {
    ...given,
    identities: given.agents,
    streams: Object.keys(settings.workStreams),
  });
  pageRoutes(server, {
    ...given,
    pageHosts: (widget) => house.widget(widget ?? settings.widgets[0]?.id ?? '').pageHosts ?? [],
  });
  healthRoutes(server, given);
}
