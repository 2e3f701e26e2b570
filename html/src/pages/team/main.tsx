// SPDX-License-Identifier: MIT
import { path, uidOf } from "../../lib/route";
import { Heading, mount } from "../../parts/page";
import { t } from "../../texts/en";
import { FileStep, PastFiles } from "./file";
import { Groups, OneGroup } from "./groups";
import { One, Steps } from "./one";

function TeamPage() {
  const uid = uidOf(path.value);
  if (path.value.startsWith("/team/groups")) {
    if (uid) return <OneGroup key={uid} uid={uid} />;
    return (
      <>
        <Heading title={t.team.groups} lead={t.team.groupsLead} />
        <Groups />
      </>
    );
  }
  if (uid) {
    return (
      <>
        <p class="crumbs">
          <a href="/team">{t.team.title}</a>
        </p>
        <h1>{t.team.oneTitle}</h1>
        <One key={uid} uid={uid} />
      </>
    );
  }
  return (
    <>
      <Heading title={t.team.title} lead={t.team.lead} />
      <Steps at={0} />
      <FileStep />
      <PastFiles />
    </>
  );
}

mount(<TeamPage />);
