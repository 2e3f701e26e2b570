// SPDX-License-Identifier: MIT
import { path, uidOf } from "../../lib/route";
import { Heading, mount } from "../../parts/page";
import { tJobs } from "../../texts/en/jobs";
import { List } from "./list";
import { One } from "./one";

function JobsPage() {
  const uid = uidOf(path.value);
  if (uid) return <One key={uid} uid={uid} />;
  return (
    <>
      <Heading title={tJobs.title} lead={tJobs.lead} />
      <List />
    </>
  );
}

mount(<JobsPage />);
