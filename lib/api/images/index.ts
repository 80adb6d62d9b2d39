import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { ImageAttestations } from "./attestations.js";
import { ImageCommit } from "./commit.js";
import { DistributionInspection } from "./distribution.js";
import { ImageExport } from "./export.js";
import { ImageHistory } from "./history.js";
import { ImageImport } from "./import.js";
import { ImageInspection } from "./inspect.js";
import { ImageList } from "./list.js";
import { ImageLoad } from "./load.js";
import { ImagePrune } from "./prune.js";
import { ImagePull } from "./pull.js";
import { ImagePush } from "./push.js";
import { ImageRemoval } from "./remove.js";
import { ImageSearch } from "./search.js";
import { ImageTag } from "./tag.js";
import { ImagesViz } from "./viz.js";

/** The operations on images. Part of {@link Client}. */
export abstract class ImageApi extends Connection {}
export interface ImageApi
  extends
    DistributionInspection,
    ImageAttestations,
    ImageCommit,
    ImageExport,
    ImageHistory,
    ImageImport,
    ImageInspection,
    ImageList,
    ImageLoad,
    ImagePrune,
    ImagePull,
    ImagePush,
    ImageRemoval,
    ImageSearch,
    ImagesViz,
    ImageTag {}
mixin(ImageApi, [
  DistributionInspection,
  ImageAttestations,
  ImageCommit,
  ImageExport,
  ImageHistory,
  ImageImport,
  ImageInspection,
  ImageList,
  ImageLoad,
  ImagePrune,
  ImagePull,
  ImagePush,
  ImageRemoval,
  ImageSearch,
  ImagesViz,
  ImageTag,
]);
