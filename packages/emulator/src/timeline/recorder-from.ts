import type { WireTimeline } from '../types.ts';
import { createTimeline, type TimelineRecorder } from './timeline.ts';

/** The recorder behind `options.timeline`, or a new one. Throws on a timeline that nobody can write to. */
export function recorderFrom(timeline: WireTimeline | undefined): TimelineRecorder {
  if (timeline === undefined) return createTimeline();
  if (isRecorder(timeline)) return timeline;
  throw new TypeError('options.timeline must be the timeline of another cache or gate, or one from createTimeline()');
}

function isRecorder(timeline: WireTimeline): timeline is TimelineRecorder {
  return 'add' in timeline && typeof timeline.add === 'function';
}
