import stack from "../../../ui/stack.module.css";
import { useJob } from "../job-context.js";
import { CoursePanel } from "./course-panel.js";
import { DownloadPanel } from "./download-panel.js";
import { EventFeed } from "./event-feed.js";
import { FoundPanel } from "./found-panel.js";
import { Outcome } from "./outcome.js";
import { RemovedPanel } from "./removed-panel.js";
import { StagePanel } from "./stage-panel.js";

/** Is it running, how good is it so far, how long still, what did it remove, where is it. */
export function OverviewPage() {
  const { job, connection, events } = useJob();
  return (
    <div className={stack.column}>
      <Outcome job={job} />
      <StagePanel job={job} connection={connection} />
      <div className={stack.wide}>
        <div className={stack.column}>
          <FoundPanel job={job} />
          <CoursePanel job={job} />
          <RemovedPanel job={job} />
        </div>
        <div className={stack.column}>
          <DownloadPanel job={job} />
          <EventFeed job={job} live={events} />
        </div>
      </div>
    </div>
  );
}
