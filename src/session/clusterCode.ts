// The part of the engine that late.ts calls the cluster: one file of the page's build.

export { completeKubectl } from '#userland/kubectl/complete.ts';
export { createCluster } from './cluster.ts';
export { explain, explainNewest } from './explain/index.ts';
export { runLive } from './live.ts';
export { clusterView } from './views.ts';
