// What a test does at the console as anybody would: sign in, and open a page by its name.
import type { Page } from "playwright-core";

export const PASSWORD = "a long pass phrase 1";
const SLOW = { timeout: 60_000 };

export async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", PASSWORD);
  await page.click("button[type=submit]");
  await page.locator(".user", { hasText: name }).waitFor(SLOW);
}

export async function view(page: Page, name: string): Promise<void> {
  await page.locator("nav").getByRole("button", { name, exact: true }).click();
}
