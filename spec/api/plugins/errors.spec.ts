import { describe } from "vitest";
import { pluginWordings } from "../../../lib/api/plugins/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings for plugin states and invalid options", () => {
  provesEveryWording(
    pluginWordings,
    [
      ["Docker 28", "plugin volumes:latest already exists", "PluginAlreadyExistsError"],
      ["Docker 28", "plugin volumes:latest is in use", "PluginInUseError"],
      ["Docker 28", "already enabled: plugin volumes:latest is enabled", "PluginEnabledError"],
      ["Docker 28", "plugin volumes:latest is enabled", "PluginEnabledError"],
      ["Docker 1.13", "plugin volumes:latest is already enabled", "PluginEnabledError"],
      ["Docker 28", "cannot set on an active plugin, disable plugin before setting", "PluginEnabledError"],
      ["Docker 28", "plugin is already disabled: plugin volumes:latest found but disabled", "PluginDisabledError"],
      ["Docker 1.13", "plugin volumes:latest is already disabled", "PluginDisabledError"],
      ["Docker 28", 'plugin "volumes" not found', "NoSuchPluginError"],
      [
        "Docker 28",
        "failed to parse reference UPPER: invalid reference format: repository name must be lowercase",
        "BadRequestError",
      ],
      ["Docker 28", "canonical references are not permitted", "BadRequestError"],
      ["Docker 28", "invalid format, must be <name>[.<field>][=<value>]", "BadRequestError"],
      ["Docker 28", '"SECRET" is not settable', "BadRequestError"],
      ["Docker 28", 'setting "NOPE" not found in the plugin configuration', "BadRequestError"],
      ["Docker 28", "failed to parse config: unexpected end of JSON input", "BadRequestError"],
      ["Docker 28", "config not found", "BadRequestError"],
      ["Docker 28", "no rootfs found: EOF", "BadRequestError"],
      ["Docker 28", "failed to read from tar: archive/tar: invalid tar header", "BadRequestError"],
      ["Docker 28", "dial unix /run/docker/plugins/ab/p.sock: connect: no such file or directory", "ServerError"],
    ],
    ["volumes"],
    "ServerError",
  );
});
