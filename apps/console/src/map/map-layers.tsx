// What of the map is left off for a while: a button over it, and a menu of its parts.
import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { MAP_PARTS, useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";

export function MapLayers(): ReactNode {
  const { language, hidden } = useShown();
  const { layers } = catalogues[language];
  return (
    <div className="map-layers">
      <MenuTrigger>
        <Button>
          {layers.title} <kbd>L</kbd>
          {hidden.size === 0 ? null : <span className="gap"> −{hidden.size}</span>}
        </Button>
        <Popover placement="bottom end">
          <Menu
            className="menu"
            aria-label={layers.title}
            selectionMode="multiple"
            selectedKeys={MAP_PARTS.filter((part) => !hidden.has(part))}
            onSelectionChange={(keys) =>
              useShown.setState({ hidden: new Set(MAP_PARTS.filter((part) => keys !== "all" && !keys.has(part))) })
            }
          >
            {MAP_PARTS.map((part) => (
              <MenuItem key={part} id={part}>
                {({ isSelected }) => `${isSelected ? "● " : "○ "}${layers.part[part]}`}
              </MenuItem>
            ))}
          </Menu>
          <p className="quiet padded">{layers.hint}</p>
        </Popover>
      </MenuTrigger>
    </div>
  );
}
