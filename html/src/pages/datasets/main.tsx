// SPDX-License-Identifier: MIT
import { path, uidOf } from "../../lib/route";
import { Heading, mount } from "../../parts/page";
import { tDatasets } from "../../texts/en/datasets";
import { List } from "./list";
import { One } from "./one";

function DatasetsPage() {
  const uid = uidOf(path.value);
  if (uid) return <One key={uid} uid={uid} />;
  return (
    <>
      <Heading title={tDatasets.title} lead={tDatasets.lead} />
      <List />
    </>
  );
}

mount(<DatasetsPage />);
