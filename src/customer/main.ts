/** The command where the house is deployed: `node dist/customer/main.js export|erase ID`. */
import { customerCommand } from './command.ts';
import { openDeployed } from './deployed.ts';

await customerCommand((options, log) => {
  if (options.local) throw new Error('The local house is not part of what is deployed.');
  return openDeployed(log);
});
