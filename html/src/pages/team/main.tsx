// SPDX-License-Identifier: MIT
import { path, uidOf } from "../../lib/route";
import { Heading, mount } from "../../parts/page";
import { tTeam } from "../../texts/en/team";
import { FileStep, PastFiles } from "./file";
import { Groups, OneGroup } from "./groups";
import { One } from "./one";
import { Steps } from "./steps";

function TeamPage() {
  const uid = uidOf(path.value);
  if (path.value.startsWith("/team/groups")) {
    if (uid) return <OneGroup key={uid} uid={uid} />;
    return (
      <>
        <p class="crumbs">
          <a href="/team">{tTeam.title}</a>
        </p>
        <Heading title={tTeam.groups} lead={tTeam.groupsLead} />
        <Groups />
      </>
    );
  }
  if (uid) {
    return (
      <>
        <p class="crumbs">
          <a href="/team">{tTeam.title}</a>
        </p>
        <h1>{tTeam.oneTitle}</h1>
        <One key={uid} uid={uid} />
      </>
    );
  }
  return (
    <>
      <Heading title={tTeam.title} lead={tTeam.lead} />
      <Steps at={0} />
      <FileStep />
      <PastFiles />
    </>
  );
}

mount(<TeamPage />);
