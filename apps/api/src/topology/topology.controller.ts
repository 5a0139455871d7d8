import { Controller, Get, Query } from '@nestjs/common';
import { ClusterRepository, RemoteApplyRepository, type TopologyRow } from '#libs/persistence';
import { ok, type Answer } from '../http/answer.js';
import { Operation } from '../http/operation.js';
import { invalid, Problem } from '../http/problem.js';
import { buildTopology, suggestedCollapse } from './build-topology.js';
import { collapseOf, collapseText } from './collapse.js';
import { Topology, TopologyQuery } from './topology.dto.js';

/** A graph with more nodes than this can neither be read nor drawn. */
export const MOST_NODES = 1000;
/** Remote applies that are looked at; one with more is too large however it is collapsed. */
const MOST_ROWS = 20_000;
const MOST_ACCESS_OBJECTS = 2000;

@Controller('api/v1')
export class TopologyController {
  constructor(
    private readonly clusters: ClusterRepository,
    private readonly remoteApplies: RemoteApplyRepository,
  ) {}

  @Get('topology')
  @Operation({
    id: 'getTopology',
    tag: 'Remote apply',
    summary: 'Read what a management cluster applies to others as a graph',
    access: 'fleet.read',
    answers: { 200: Topology },
    errors: ['too-many-nodes'],
  })
  async get(@Query({ schema: TopologyQuery }) query: TopologyQuery): Promise<Answer<Topology>> {
    const found = await this.clusters.get(query.root);
    if (!found) throw invalid([{ parameter: 'root', code: 'unknown-cluster', detail: 'There is no such cluster.' }]);
    const root = { id: found.id, name: found.name };
    const rows = [...(await this.read([root.id]))];
    const reached = [...new Set(rows.flatMap(({ targetClusterId }) => targetClusterId ?? []))];
    const isDeep = query.depth === '2';
    if (isDeep) rows.push(...(await this.read(reached.filter((id) => id !== root.id))));
    const access = isDeep ? await this.remoteApplies.accessObjects(reached, MOST_ACCESS_OBJECTS) : [];
    const collapse = collapseOf(query.collapse);
    if (rows.length > MOST_ROWS) throw tooManyNodes(rows.length, undefined);
    const graph = buildTopology(root, rows, access, collapse);
    if (graph.nodes.length > MOST_NODES) {
      const suggestion = suggestedCollapse(root, rows, access, MOST_NODES, graph.nodes.length);
      throw tooManyNodes(graph.nodes.length, suggestion && collapseText(suggestion));
    }
    return ok({ root, depth: isDeep ? 2 : 1, collapse: collapseText(collapse), ...graph });
  }

  private read(clusterIds: readonly string[]): Promise<readonly TopologyRow[]> {
    return this.remoteApplies.topology(clusterIds, MOST_ROWS + 1);
  }
}

function tooManyNodes(nodes: number, collapse: string | null | undefined): Problem {
  const detail = `The graph has ${nodes} nodes; at most ${MOST_NODES} are answered.`;
  if (typeof collapse !== 'string') return new Problem('too-many-nodes', detail);
  return new Problem('too-many-nodes', detail, {
    fix: `Ask with collapse=${collapse}, which takes several things together as one node.`,
    suggestedCollapse: collapse,
  });
}
