import type { ColumnKind } from "../model/row.ts";

/**
 * What a header text is known to mean. `plain` names say the kind and nothing else; `loose` ones are used for other
 * things too and count only when no plain one is there. A generic phone header says "phone" without saying which,
 * and another phone (home, private line) is none of the three that Entra keeps.
 */
export type HeaderMeaning =
  | { readonly kind: ColumnKind; readonly strength: "plain" | "loose" }
  | { readonly kind: "genericPhone" }
  | { readonly kind: "otherPhone" };

/** The meaning of a header as HR systems and directories export it, or undefined. */
export function meaningOf(header: string): HeaderMeaning | undefined {
  return meanings.get(comparable(header));
}

/**
 * A header without case, accents, spaces and punctuation, in any script.
 * @example comparable("E-Mail-Adresse") // "emailadresse"
 */
export function comparable(header: string): string {
  return header
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

type Names = { readonly [Kind in ColumnKind]?: string };

/** English, Dutch, German, French, Spanish. The bracketed ones are the headings of Entra's bulk templates. */
const plainNames: Names = {
  user: `userPrincipalName | UPN | user principal name (UPN) | User name [userPrincipalName] Required
    | User name [userPrincipalName] | Member object ID or user principal name [memberObjectIdOrUpn] Required
    | username (UPN) | login (UPN) | Entra UPN | Azure AD UPN | Microsoft 365 UPN | UPN name
    | gebruikersnaam (UPN) | principal-naam van gebruiker | Benutzerprinzipalname | Benutzerprinzipalname (UPN)
    | Benutzername (UPN) | nom d'utilisateur principal | nom d'utilisateur (UPN) | nom principal de l'utilisateur
    | nombre principal de usuario | nombre de usuario (UPN) | nombre de usuario principal`,
  mobile: `mobile | mobilePhone | mobile phone number | mobile number | mobile no | mobile nr | mobile tel
    | mobile telephone | mobile telephone number | mobile phone [mobile] | cell | cell phone | cell phone number
    | cell number | cellular | cellular phone | personal mobile | private mobile | work mobile | business mobile
    | company mobile | MFA mobile | MFA phone | authentication phone | primary mobile | mobile 1
    | mobiel | mobiele telefoon | mobiel nummer | mobiele nummer | mobiel telefoonnummer | mobiele telefoonnummer
    | telefoon mobiel | mobiel tel | gsm | gsm nummer | 06 nummer | mobiel zakelijk | zakelijk mobiel
    | mobiel werk | mobiel privé | privé mobiel
    | Mobil | Mobilnummer | Mobiltelefon | Mobiltelefonnummer | Mobilfunk | Mobilfunknummer | Mobilfunkrufnummer
    | Mobilrufnummer | Mobile Telefonnummer | Telefon mobil | Handy | Handynummer | Handy Nr | Diensthandy
    | Firmenhandy | Handy dienstlich | Handy privat | Mobil privat | Mobil dienstlich | Natel
    | portable | téléphone portable | numéro de portable | numéro portable | tél portable | téléphone mobile
    | numéro de mobile | numéro mobile | tél mobile | portable professionnel | mobile professionnel
    | móvil | teléfono móvil | número de móvil | número móvil | tel móvil | celular | teléfono celular
    | número de celular | número celular`,
  alternateMobile: `alternateMobile | alternate mobile phone | alternate mobile number | alternative mobile
    | alternative mobile phone | alternative mobile number | second mobile | second mobile phone
    | second mobile number | secondary mobile | secondary mobile phone | mobile 2 | mobile phone 2 | 2nd mobile
    | other mobile | otherMobile | backup mobile
    | tweede mobiel | tweede mobiele nummer | tweede mobiele telefoon | mobiel 2 | 2e mobiel | alternatief mobiel
    | alternatieve mobiel | alternatief mobiel nummer
    | Mobil 2 | Handy 2 | zweites Handy | zweite Handynummer | zweite Mobilnummer | Zweithandy
    | alternative Handynummer | alternative Mobilnummer | alternatives Handy
    | portable 2 | deuxième portable | second portable | autre portable | autre mobile | mobile secondaire
    | portable secondaire | deuxième mobile
    | móvil 2 | segundo móvil | otro móvil | móvil alternativo | móvil secundario | celular 2 | segundo celular`,
  office: `businessPhones | business phone | business phone number | business telephone | office phone
    | office phone number | office telephone | office telephone number | office number | office tel
    | Office phone [telephoneNumber] | work phone | work phone number | work telephone | work telephone number
    | work number | work tel | phone work | phone office | phone business | telephone work | telephone office
    | desk phone | tel work | tel office
    | telefoon werk | telefoonnummer werk | werktelefoon | tel werk | telefoon kantoor | kantoortelefoon
    | telefoon zakelijk | zakelijke telefoon | zakelijk telefoonnummer | vaste telefoon werk | vast nummer werk
    | Bürotelefon | Telefon Büro | Büro Telefon | Büronummer | Telefonnummer Büro | Geschäftstelefon
    | Telefon geschäftlich | Geschäftsnummer | Telefon dienstlich | Diensttelefon | Dienstnummer | Telefon Arbeit
    | Buerotelefon | Telefon Buero
    | téléphone bureau | téléphone du bureau | tél bureau | téléphone professionnel | numéro professionnel
    | téléphone travail | tél professionnel
    | teléfono oficina | teléfono de oficina | teléfono de la oficina | teléfono trabajo | teléfono del trabajo
    | teléfono laboral`,
  region: `region | country | country code | countryCode | ISO country | ISO country code | country ISO
    | usageLocation | usage location | Usage location [usageLocation] Required | Usage location [usageLocation]
    | country/region | country or region | Country or region [country] | phone country | phone region
    | land | landcode | landkode | regio | gebruikslocatie
    | Ländercode | Länderkennung | Länderkürzel | Landeskürzel | Nutzungsstandort | Laendercode
    | pays | code pays | région | emplacement d'utilisation
    | país | código de país | código país | región | ubicación de uso`,
  id: `objectId | object ID | Entra object ID | Azure AD object ID | AAD object ID | user object ID | user ID
    | object-id | objectGuid Entra | ID d'objet | Objekt-ID | id. de objeto | identificador de objeto`,
  mail: `mail | email | e-mail | email address | e-mail address | primary email | primary email address | work email
    | work e-mail | business email | primarySmtpAddress | primary SMTP address | mail address
    | e-mailadres | mailadres | e-mail werk | zakelijk e-mailadres | werk e-mail
    | E-Mail-Adresse | Mailadresse | E-Mail geschäftlich | E-Mail dienstlich | Emailadresse
    | adresse e-mail | adresse mail | courriel | adresse courriel | adresse électronique | e-mail professionnel
    | correo | correo electrónico | dirección de correo | dirección de correo electrónico | email corporativo`,
  employeeId: `employeeId | employee number | employee no | employee nr | emp id | emp no | staff id | staff number
    | staff no | personnel number | personnel no | payroll number | worker id
    | personeelsnummer | personeelsnr | medewerkernummer | medewerker id | werknemersnummer | stamnummer
    | Personalnummer | Personal-Nr | Pers.-Nr. | Mitarbeiternummer | Mitarbeiter-ID | Mitarbeiter-Nr
    | matricule | numéro d'employé | numéro employé | numéro de matricule
    | número de empleado | número empleado | id de empleado | nº empleado`,
};

const looseNames: Names = {
  user: `username | user | user name | login | login name | logon | logon name | user logon name | sign-in name
    | sign in name | account | account name | user account
    | gebruikersnaam | gebruiker | inlognaam | aanmeldnaam | accountnaam
    | Benutzername | Benutzer | Anmeldename | Login-Name | Konto | Kontoname | Benutzerkonto | Nutzername
    | utilisateur | nom d'utilisateur | identifiant | nom de connexion | compte
    | usuario | nombre de usuario | cuenta | nombre de cuenta | inicio de sesión`,
  office: "office | kantoor | werk | Büro | Buero | bureau | oficina | work | business",
  id: "id",
};

const genericPhoneNames = `telephoneNumber | telephone | telephone no | phone | phones | phone number | phoneNumber
    | phone no | phone nr | tel | tel no | tel nr | tel number | contact number | contact phone
    | telefoon | telefoonnummer | telefoonnr | telnummer
    | Telefon | Telefonnummer | Telefonnr | Rufnummer
    | téléphone | numéro de téléphone | numéro téléphone | n° de téléphone | tél
    | teléfono | número de teléfono | número teléfono | nº de teléfono`;

const otherPhoneNames = `home phone | homePhone | home telephone | home number | phone home | private phone
    | personal phone | personal phone number | private number | other phone | second phone | phone 2 | telephone 2
    | landline | alternate phone | alternative phone | emergency phone
    | telefoon thuis | telefoon privé | privé telefoon | telefoon 2 | thuisnummer | vast nummer | vaste telefoon
    | Telefon privat | Privatnummer | Private Telefonnummer | Telefon 2 | Festnetz | Festnetznummer
    | téléphone domicile | téléphone personnel | téléphone privé | téléphone 2 | fixe | téléphone fixe
    | teléfono casa | teléfono particular | teléfono personal | teléfono 2 | teléfono fijo`;

const split = (names: string): string[] => names.split("|");

function* allMeanings(): Generator<[string, HeaderMeaning]> {
  for (const name of split(otherPhoneNames)) yield [name, { kind: "otherPhone" }];
  for (const name of split(genericPhoneNames)) yield [name, { kind: "genericPhone" }];
  for (const [names, strength] of [[looseNames, "loose"] as const, [plainNames, "plain"] as const]) {
    for (const [kind, list] of Object.entries(names)) {
      for (const name of split(list)) yield [name, { kind: kind as ColumnKind, strength }];
    }
  }
}

const meanings: ReadonlyMap<string, HeaderMeaning> = new Map(
  [...allMeanings()].map(([name, meaning]) => [comparable(name), meaning]),
);
