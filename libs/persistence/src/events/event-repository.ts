import type { FleetEvent } from '#libs/core';
import type { DataSource } from 'typeorm';
import { EventEntity } from '../entities/messages.js';
import { columns, row } from '../sql/rows.js';

export class EventRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** An event with the name of its cluster, also where the cluster was removed from the registry since. */
  get(id: string): Promise<FleetEvent | null> {
    return row(
      this.dataSource,
      `SELECT ${columns(this.dataSource, EventEntity, 'e')}, c.name AS "clusterName"
       FROM event e JOIN cluster c ON c.id = e.cluster_id WHERE e.id = $1`,
      [id],
    );
  }
}
