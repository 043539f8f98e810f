import type { Tile, TileConnection } from '../../call/model';
import { m } from '../../i18n/paraglide/messages.js';

/** The words for a connection that is not good. */
export function connectionWords(connection: TileConnection): string | undefined {
  switch (connection) {
    case 'good':
      return undefined;
    case 'fair':
      return m.connection_fair();
    case 'poor':
      return m.connection_poor();
    case 'lost':
      return m.connection_lost();
    case 'reconnecting':
      return m.connection_reconnecting();
  }
}

/** What a screen reader says of a tile: the participant's name, then what the marks on it mean. */
export function tileLabel(tile: Tile, participant: string): string {
  const name = tile.kind === 'screen' ? m.tile_screen({ name: participant }) : participant;
  const marks = [
    tile.kind === 'camera' && tile.muted ? m.tile_muted() : undefined,
    tile.hand === undefined ? undefined : m.tile_hand(),
    connectionWords(tile.connection),
    tile.paused ? m.picture_paused() : tile.limited ? m.picture_limited() : undefined,
  ].filter((mark) => mark !== undefined);
  return [tile.self ? m.tile_you({ name }) : name, ...marks].join(', ');
}
